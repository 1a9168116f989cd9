"""What boto3 makes of the models on its side: paginators, waiters, typed exceptions."""

import botocore.exceptions

from kit.client import SERVICES, model
from kit.rig import FOR_EVER, PASS, ROLE, states

COUNT = 5


def drive(client, rig):
    paginators(client, rig)
    typed_exceptions(client)
    waiters(client, rig)
    many_aliases(client)


def paginators(client, rig):
    """Every paginator of Step Functions and those of the other services' lists, two items a page."""
    states_ = client.raw("states")
    for activity in client("states.ListActivities")["activities"]:
        client("states.DeleteActivity", activityArn=activity["activityArn"])
    for n in range(COUNT):
        client("states.CreateActivity", name=f"a{n}")
        client("states.CreateStateMachine", name=f"m{n}", definition=FOR_EVER, roleArn=ROLE)
        client("states.StartExecution", stateMachineArn=states("stateMachine", "m0"), name=f"e{n}")
        client("sqs.CreateQueue", QueueName=f"q{n}")
        client("logs.CreateLogGroup", logGroupName=f"/g{n}")
        client("logs.CreateLogStream", logGroupName="/g0", logStreamName=f"s{n}")
        client("lambda.CreateFunction", FunctionName=f"f{n}", Role=ROLE, Handler="task", Runtime="provided",
               Code={"ZipFile": rig.components["echo"]})
    steps = client("states.CreateStateMachine", name="steps", roleArn=ROLE, definition=PASS)["stateMachineArn"]
    execution = client("states.StartExecution", stateMachineArn=steps, name="one")["executionArn"]
    while client("states.DescribeExecution", executionArn=execution)["status"] == "RUNNING":
        pass
    wanted = {
        ("states", "list_activities"): ({}, "activities", COUNT),
        ("states", "list_state_machines"): ({}, "stateMachines", COUNT + 1),
        ("states", "list_executions"): ({"stateMachineArn": states("stateMachine", "m0")}, "executions", COUNT),
        ("states", "get_execution_history"): ({"executionArn": execution}, "events", 4),
        ("states", "list_map_runs"): ({"executionArn": execution}, "mapRuns", 0),
        ("lambda", "list_functions"): ({}, "Functions", COUNT),
        ("sqs", "list_queues"): ({}, "QueueUrls", COUNT),
        ("logs", "describe_log_groups"): ({"logGroupNamePrefix": "/g"}, "logGroups", COUNT),
        ("logs", "describe_log_streams"): ({"logGroupName": "/g0"}, "logStreams", COUNT),
    }
    for (service, operation), (members, list_name, count) in wanted.items():
        paginator = client.raw(service).get_paginator(operation)
        pages = list(paginator.paginate(**members, PaginationConfig={"PageSize": 2}))
        found = [str(one) for page in pages for one in page.get(list_name, [])]
        client.want(f"{operation} page by page", len(set(found)) == len(found) == count, found)
        client.want(f"{operation} in pages of two", len(pages) >= (count + 1) // 2, len(pages))
    available = {name for name in ("list_activities", "list_state_machines", "list_executions",
                                   "get_execution_history", "list_map_runs") if states_.can_paginate(name)}
    paginated = {operation for service, operation in wanted if service == "states"}
    client.want("every paginator of Step Functions", available == paginated, available ^ paginated)


def typed_exceptions(client):
    """A program catches `client.exceptions.StateMachineDoesNotExist`, never a text."""
    states_, queues = client.raw("states"), client.raw("sqs")
    for call, expected in [
        (lambda: states_.describe_state_machine(stateMachineArn=states("stateMachine", "nobody")),
         states_.exceptions.StateMachineDoesNotExist),
        (lambda: queues.get_queue_url(QueueName="nobody"), queues.exceptions.QueueDoesNotExist),
        (lambda: client.raw("lambda").get_function(FunctionName="nobody"),
         client.raw("lambda").exceptions.ResourceNotFoundException),
        (lambda: client.raw("logs").delete_log_group(logGroupName="/nobody"),
         client.raw("logs").exceptions.ResourceNotFoundException),
    ]:
        try:
            call()
            client.want(expected.__name__, False, "was answered")
        except expected:
            pass
        except botocore.exceptions.ClientError as error:
            client.want(expected.__name__, False, repr(error))
    # Those of Step Functions that were driven were each checked to be of their type: see `kit.sdk`.
    for service in SERVICES:
        client.want("a model has errors", model(service).error_shapes)


def waiters(client, rig):
    functions = client.raw("lambda")
    for name in ("function_active_v2", "function_updated_v2", "function_exists", "function_active", "function_updated"):
        functions.get_waiter(name).wait(FunctionName="f0", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    version = client("lambda.PublishVersion", FunctionName="f0")["Version"]
    functions.get_waiter("published_version_active").wait(FunctionName="f0", Qualifier=version)


def many_aliases(client):
    """As many aliases as a machine may have, and one more."""
    machine = states("stateMachine", "steps")
    version = client("states.PublishStateMachineVersion", stateMachineArn=machine)["stateMachineVersionArn"]
    routes = [{"stateMachineVersionArn": version, "weight": 100}]
    for n in range(100):
        client("states.CreateStateMachineAlias", name=f"alias-{n}", routingConfiguration=routes)
    client.refused("ServiceQuotaExceededException", "states.CreateStateMachineAlias", name="one-more",
                   routingConfiguration=routes)
    first = client("states.ListStateMachineAliases", stateMachineArn=machine, maxResults=60)
    rest = client("states.ListStateMachineAliases", stateMachineArn=machine, maxResults=60,
                  nextToken=first["nextToken"])
    count = len(first["stateMachineAliases"]) + len(rest["stateMachineAliases"])
    client.want("all aliases, page by page", count == 100, count)
