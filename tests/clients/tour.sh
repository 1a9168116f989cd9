#!/usr/bin/env bash
# A day with the aws CLI, typed as a person types it, against the server that the environment names. Prints
# `ok` at the end; stops at the first thing that is not so. Takes the folder with components.
set -euo pipefail
components=$1
role=arn:aws:iam::123456789012:role/stepwell
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# is WHAT WANTED GOT
is() {
    if [ "$2" != "$3" ]; then
        echo "$1: $3, and not $2" >&2
        exit 1
    fi
}

# until WHAT WANTED COMMAND…: asks until the answer is as wanted.
until_is() {
    local what=$1 wanted=$2 deadline=$((SECONDS + 60)) got=
    shift 2
    while [ "$got" != "$wanted" ]; do
        if [ "$SECONDS" -gt "$deadline" ]; then
            echo "$what: still $got, and not $wanted" >&2
            exit 1
        fi
        got=$("$@" 2> /dev/null) || got=
    done
}

# For SQS this CLI asks AWS itself unless it is told otherwise here.
sqs() {
    aws sqs --endpoint-url "$AWS_ENDPOINT_URL" "$@"
}

# A function. This CLI takes zips only.
python3 -m zipfile -c echo.zip "$components/echo.wasm"
aws lambda create-function --function-name again --runtime provided.al2023 --handler task --role "$role" \
    --zip-file fileb://echo.zip --timeout 5 --memory-size 256 \
    --environment 'Variables={GREETING=hello}' --tags team=shop > /dev/null
aws lambda wait function-active-v2 --function-name again
is "memory" 256 "$(aws lambda get-function-configuration --function-name again --query MemorySize --output text)"
aws lambda invoke --function-name again --payload '{"a": 1}' --log-type Tail out.json > answer.json
is "the answer of a function" '{"a":1}' "$(tr -d ' \n' < out.json)"
aws lambda publish-version --function-name again > /dev/null
aws lambda create-alias --function-name again --name live --function-version 1 > /dev/null
is "versions" '$LATEST 1' "$(aws lambda list-versions-by-function --function-name again \
    --query 'Versions[].Version' --output text | tr '\t' ' ')"
until_is "the log of a function" 1 aws logs describe-log-groups --log-group-name-prefix /aws/lambda/again \
    --query 'length(logGroups)'
aws logs filter-log-events --log-group-name /aws/lambda/again --query 'events[].message' --output text \
    > function.log
grep -q 'START RequestId' function.log

# A queue, and a state machine that asks a person through it.
queue=$(sqs create-queue --queue-name approvals --attributes VisibilityTimeout=600 --query QueueUrl --output text)
cat > approval.json <<DEFINITION
{
  "StartAt": "Echo",
  "States": {
    "Echo": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:again:live", "Next": "Ask"},
    "Ask": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": {"QueueUrl": "$queue", "MessageBody": {"token.$": "\$\$.Task.Token", "order.$": "$.order"}},
      "End": true
    }
  }
}
DEFINITION
is "the definition" OK "$(aws stepfunctions validate-state-machine-definition --definition file://approval.json \
    --query result --output text)"
machine=$(aws stepfunctions create-state-machine --name approval --definition file://approval.json \
    --role-arn "$role" --tags key=team,value=shop --query stateMachineArn --output text)
execution=$(aws stepfunctions start-execution --state-machine-arn "$machine" --name one --input '{"order": 7}' \
    --query executionArn --output text)
sqs receive-message --queue-url "$queue" --wait-time-seconds 20 > message.json
token=$(python3 -c 'import json; print(json.loads(json.load(open("message.json"))["Messages"][0]["Body"])["token"])')
is "before the answer" RUNNING "$(aws stepfunctions describe-execution --execution-arn "$execution" \
    --query status --output text)"
aws stepfunctions send-task-success --task-token "$token" --task-output '{"approved": true}'
until_is "after the answer" SUCCEEDED aws stepfunctions describe-execution --execution-arn "$execution" \
    --query status --output text
is "its history" 'ExecutionStarted TaskStateEntered LambdaFunctionScheduled' "$(aws stepfunctions get-execution-history \
    --execution-arn "$execution" --max-items 3 --query 'events[].type' --output text | head -1 | tr '\t' ' ')"
is "its history, page by page" 'ExecutionSucceeded' "$(aws stepfunctions get-execution-history --page-size 2 \
    --execution-arn "$execution" --query 'events[].type' --output text | tr '\t' '\n' | tail -1)"

# An Express machine: its answer comes at once, its history is in a log group.
logging='{"level":"ALL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":
    {"logGroupArn":"arn:aws:logs:us-east-1:123456789012:log-group:/states/quick:*"}}]}'
quick=$(aws stepfunctions create-state-machine --name quick --type EXPRESS --role-arn "$role" \
    --definition '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}' \
    --logging-configuration "$logging" --query stateMachineArn --output text)
is "a synchronous answer" '{"a":1}' "$(aws stepfunctions start-sync-execution --state-machine-arn "$quick" \
    --input '{"a":1}' --query output --output text)"
is "a state by itself" SUCCEEDED "$(aws stepfunctions test-state --definition '{"Type":"Pass","End":true}' \
    --input '{}' --query status --output text)"
until_is "the log of an execution" 4 aws logs filter-log-events --log-group-name /states/quick \
    --query 'length(events)'

# A machine is changed, published and taken away again.
aws stepfunctions update-state-machine --state-machine-arn "$machine" --publish \
    --definition '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}' > /dev/null
aws stepfunctions create-state-machine-alias --name live \
    --routing-configuration "stateMachineVersionArn=$machine:1,weight=100" > /dev/null
is "machines" 'approval quick' "$(aws stepfunctions list-state-machines --output text \
    --query 'stateMachines[?name==`approval` || name==`quick`].name' | tr '\t' ' ')"
is "one of them" approval "$(aws stepfunctions list-state-machines --max-items 1 --query 'stateMachines[].name' \
    --output text | head -1)"
aws stepfunctions delete-state-machine --state-machine-arn "$machine"
aws stepfunctions delete-state-machine --state-machine-arn "$quick"
sqs delete-queue --queue-url "$queue"
aws lambda delete-function --function-name again
for group in /aws/lambda/again /states/quick; do
    aws logs delete-log-group --log-group-name "$group"
done

# What is refused is said, and the exit code says it too.
set +e
said=$(aws stepfunctions describe-state-machine --state-machine-arn "$machine" 2>&1)
is "the exit code" 255 $?
set -e
case "$said" in
    *'(StateMachineDoesNotExist) when calling the DescribeStateMachine operation'*) ;;
    *) is "what is said" StateMachineDoesNotExist "$said" ;;
esac
echo ok
