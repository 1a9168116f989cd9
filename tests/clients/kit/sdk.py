"""boto3 as the client."""

import boto3
import botocore.config
import botocore.exceptions
import botocore.response
from botocore import xform_name

from kit.client import SERVICES, Client, Refused, error_name, model


class Sdk(Client):
    """Without validation on this side: what the server says is what is asked about. Without retries: each
    answer counts."""

    name = "boto3"

    def __init__(self, notes, environment):
        super().__init__(notes)
        self._session = boto3.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_DEFAULT_REGION"])
        self._endpoint = environment["AWS_ENDPOINT_URL"]
        self._clients = {}

    def raw(self, service):
        """boto3's own client: for paginators, waiters and typed exceptions."""
        if service not in self._clients:
            config = botocore.config.Config(
                parameter_validation=False, inject_host_prefix=False, retries={"total_max_attempts": 1},
                read_timeout=90, max_pool_connections=10)
            self._clients[service] = self._session.client(
                SERVICES[service], endpoint_url=self._endpoint, config=config)
        return self._clients[service]

    def _call(self, service, operation, members):
        client = self.raw(service)
        try:
            output = getattr(client, xform_name(operation))(**members)
        except botocore.exceptions.ClientError as error:
            detail = error.response["Error"]
            name = error_name(service, detail["Code"])
            typed = type(error).__name__
            declared = [shape.name for shape in model(service).operation_model(operation).error_shapes]
            if typed != (name if name in declared else typed):
                self.notes.wrong_with(f"{service}.{operation}", f"{name} is raised as {typed}")
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            raise Refused(name, detail.get("Message", ""), status, error.response) from error
        output.pop("ResponseMetadata", None)
        for member, value in output.items():
            if isinstance(value, botocore.response.StreamingBody):
                output[member] = value.read()
        return output
