//! Opening projects in folders made for it. Nothing is built: cargo is asked for the names of crates
//! at most.

use std::path::PathBuf;

use engine::Workflow;
use sandbox::{Grant, Limits};

use super::{Code, Options, Project, open_from};
use crate::exit::{Exit, Failure};

const MACHINE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties: {Name: orders, Type: EXPRESS, DefinitionUri: definition.asl.json}
";

const FUNCTIONS: &str = "  One:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: one, CodeUri: ../tasks/one, MemorySize: 256, Timeout: 2}
    Metadata: {Stepwell: {Fuel: 7, Grants: [Http], Idempotent: true}}
  Two:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: two, CodeUri: two.wasm}
  Three:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: three, CodeUri: nowhere}
";

/// A folder of files that goes away with the test.
struct Place(tempfile::TempDir);

impl Place {
    /// A workspace with the task crates `one` and `two`, and an empty folder `flow`.
    fn with_tasks() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        place.put(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"tasks/*\"]\n",
        );
        for name in ["one", "two"] {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n"
            );
            place.put(&format!("tasks/{name}/Cargo.toml"), &manifest);
            place.put(&format!("tasks/{name}/src/lib.rs"), "");
        }
        std::fs::create_dir(place.path("flow")).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Opens with a current folder that has nothing.
    fn open(&self, name: &str) -> Result<Project, Failure> {
        self.open_with(name, &Options::default())
    }

    fn open_with(&self, name: &str, options: &Options) -> Result<Project, Failure> {
        let elsewhere = tempfile::tempdir().unwrap();
        open_from(&self.path(name), options, elsewhere.path())
    }

    fn refused(&self, name: &str) -> (String, Failure) {
        self.refused_with(name, &Options::default())
    }

    /// The failure, and its text without colours and without the folder's own path.
    fn refused_with(&self, name: &str, options: &Options) -> (String, Failure) {
        let failure = self.open_with(name, options).unwrap_err();
        let text = anstream::adapter::strip_str(&failure.text).to_string();
        (
            text.replace(&format!("{}/", self.0.path().display()), ""),
            failure,
        )
    }
}

/// A definition that calls these functions in turn; `$` is a name that is computed.
fn calling(names: &[&str]) -> String {
    let states = names.iter().enumerate().map(|(index, name)| {
        let target = match *name {
            "$" => "\"Resource\": \"arn:aws:states:::lambda:invoke\", \"Parameters\": {\"FunctionName.$\": \"$.f\"}"
                .to_owned(),
            name => format!("\"Resource\": \"arn:aws:lambda:us-east-1:123:function:{name}\""),
        };
        let next = match index + 1 == names.len() {
            true => "\"End\": true".to_owned(),
            false => format!("\"Next\": \"S{}\"", index + 1),
        };
        format!("    \"S{index}\": {{\"Type\": \"Task\", {target}, {next}}}")
    });
    let states: Vec<String> = states.collect();
    format!(
        "{{\n  \"StartAt\": \"S0\",\n  \"States\": {{\n{}\n  }}\n}}\n",
        states.join(",\n")
    )
}

fn names(project: &Project) -> Vec<&str> {
    project
        .functions
        .iter()
        .map(|plan| plan.name.as_str())
        .collect()
}

#[test]
fn a_folder_is_what_its_template_says_and_plans_only_what_is_called() {
    let place = Place::with_tasks();
    place.put("flow/template.yaml", &format!("{MACHINE}{FUNCTIONS}"));
    place.put("flow/definition.asl.json", &calling(&["two", "one", "two"]));
    place.put("flow/two.wasm", "");
    place.put("flow/inputs/default.json", "{}");
    for path in ["flow", "flow/template.yaml"] {
        let project = place.open(path).unwrap();
        assert_eq!(project.machine_name, "orders");
        assert_eq!(project.workflow, Workflow::Express);
        assert_eq!(
            project.default_input,
            Some(place.path("flow/inputs/default.json"))
        );
        assert_eq!(names(&project), ["two", "one"]);
        assert_eq!(
            project.functions[0].code,
            Code::Component(place.path("flow/two.wasm"))
        );
        let one = &project.functions[1];
        assert_eq!(one.code, Code::Crate(place.path("flow/../tasks/one")));
        let limits = Limits {
            memory_bytes: 256 * 1_048_576,
            timeout_ms: 2_000,
            fuel: 7,
            ..Limits::default()
        };
        assert_eq!(one.limits, limits);
        assert_eq!(one.grants.outward, [Grant::Http].into());
        assert!(one.is_idempotent);
    }
}

#[test]
fn a_definition_beside_its_template_keeps_name_kind_and_limits() {
    let place = Place::with_tasks();
    place.put("flow/template.yaml", &format!("{MACHINE}{FUNCTIONS}"));
    place.put("flow/definition.asl.json", &calling(&["one"]));
    let project = place.open("flow/definition.asl.json").unwrap();
    assert_eq!(project.machine_name, "orders");
    assert_eq!(project.workflow, Workflow::Express);
    assert_eq!(project.functions[0].limits.fuel, 7);
    assert_eq!(project.default_input, None);
}

#[test]
fn a_bare_definition_finds_crates_by_name_and_seals_them() {
    let place = Place::with_tasks();
    place.put("flow/orders.asl.json", &calling(&["one", "two"]));
    // By its file, and as the only definition of its folder.
    for path in ["flow/orders.asl.json", "flow"] {
        let project = place.open(path).unwrap();
        assert_eq!(project.machine_name, "orders");
        assert_eq!(project.workflow, Workflow::Standard);
        assert_eq!(names(&project), ["one", "two"]);
        assert_eq!(project.functions[0].limits, Limits::default());
        assert!(project.functions[0].grants.outward.is_empty());
        let Code::Crate(folder) = &project.functions[0].code else {
            panic!("a crate");
        };
        assert_eq!(
            folder.canonicalize().unwrap(),
            place.path("tasks/one").canonicalize().unwrap()
        );
    }
}

#[test]
fn a_bare_definition_finds_crates_above_the_current_folder_too() {
    let place = Place::with_tasks();
    let alone = tempfile::tempdir().unwrap();
    let file = alone.path().join("orders.asl.json");
    std::fs::write(&file, calling(&["one"])).unwrap();
    let project = open_from(&file, &Options::default(), &place.path("flow")).unwrap();
    assert_eq!(names(&project), ["one"]);
}

#[test]
fn crates_without_a_workspace_are_found_as_well() {
    let place = Place::with_tasks();
    std::fs::remove_file(place.path("Cargo.toml")).unwrap();
    place.put("flow/orders.asl.json", &calling(&["two"]));
    assert_eq!(names(&place.open("flow").unwrap()), ["two"]);
}

#[test]
fn a_definition_that_calls_nothing_needs_no_tasks() {
    let place = Place(tempfile::tempdir().unwrap());
    let text = "StartAt: A\nStates:\n  A: {Type: Succeed}\n";
    place.put("flow/definition.asl.yaml", text);
    let project = place.open("flow").unwrap();
    assert_eq!(project.machine_name, "flow");
    assert!(
        project.functions.is_empty() && project.reports.iter().all(|r| r.diagnostics.is_empty())
    );
}

#[test]
fn a_computed_name_plans_everything_that_is_there() {
    let place = Place::with_tasks();
    place.put("flow/orders.asl.json", &calling(&["two", "$"]));
    assert_eq!(names(&place.open("flow").unwrap()), ["two", "one"]);
    let template = FUNCTIONS.replace("nowhere", "../tasks/one");
    place.put(
        "flow/template.yaml",
        &format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{template}"),
    );
    place.put("flow/two.wasm", "");
    assert_eq!(names(&place.open("flow").unwrap()), ["two", "one", "three"]);
}

#[test]
fn every_function_that_nobody_provides_is_told_with_its_place() {
    let place = Place::with_tasks();
    place.put("flow/orders.asl.json", &calling(&["onne", "one", "refund"]));
    let (text, failure) = place.refused("flow");
    assert_eq!(failure.exit, Exit::Usage);
    assert_eq!(
        text,
        "\
flow/orders.asl.json has 2 errors

error[FUNCTION_NOT_FOUND]: There is no function `onne`
 --> flow/orders.asl.json:4:40
  |
4 |     \"S0\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:lambda:us-east-1:123:function:onne\", \"Next\": \"S1\"},
  |                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no function of this name in tasks
  |
  = help: did you mean `one`?

error[FUNCTION_NOT_FOUND]: There is no function `refund`
 --> flow/orders.asl.json:6:40
  |
6 |     \"S2\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:lambda:us-east-1:123:function:refund\", \"End\": true}
  |                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no function of this name in tasks
  |
  = help: add a crate `refund` to the tasks/ folder, or name a template that has it with --template FILE"
    );
}

#[test]
fn without_any_tasks_it_says_that_there_was_nowhere_to_look() {
    let place = Place(tempfile::tempdir().unwrap());
    place.put("orders.asl.json", &calling(&["one"]));
    let (text, _) = place.refused("orders.asl.json");
    assert!(
        text.contains("no template.yaml beside the definition, and no tasks/ folder"),
        "{text}"
    );
}

#[test]
fn a_template_that_is_named_is_the_only_place() {
    let place = Place::with_tasks();
    place.put("flow/orders.asl.json", &calling(&["one", "two"]));
    place.put(
        "other/functions.yaml",
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    \
         Properties: {FunctionName: one, CodeUri: ../tasks/two}\n",
    );
    let options = Options {
        template: Some(place.path("other/functions.yaml")),
        machine: None,
    };
    for path in ["flow/orders.asl.json", "flow"] {
        let (text, _) = place.refused_with(path, &options);
        assert!(text.contains("There is no function `two`"), "{text}");
        assert!(!text.contains("function `one`"), "{text}");
        assert!(
            text.contains("other/functions.yaml has no function of this name"),
            "{text}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_function_matters_only_when_it_is_called() {
    let place = Place::with_tasks();
    let functions = FUNCTIONS.replace("[Http]", "[Https]");
    place.put("flow/template.yaml", &format!("{MACHINE}{functions}"));
    place.put("flow/two.wasm", "");
    place.put("flow/definition.asl.json", &calling(&["two"]));
    assert!(place.open("flow").is_ok());
    place.put("flow/definition.asl.json", &calling(&["one", "three"]));
    let (text, failure) = place.refused("flow");
    assert_eq!(failure.exit, Exit::Usage);
    assert!(
        text.starts_with("flow/template.yaml has 2 errors\n"),
        "{text}"
    );
    assert!(text.contains("There is no grant `Https`"), "{text}");
    assert!(text.contains("did you mean `Http`?"), "{text}");
    assert!(
        text.contains("The code of the function `three` is not there"),
        "{text}"
    );
}

#[test]
fn a_broken_template_beside_a_definition_is_not_passed_over() {
    let place = Place::with_tasks();
    place.put("flow/template.yaml", "Resources: 7\n");
    place.put("flow/orders.asl.json", &calling(&["one"]));
    let (text, failure) = place.refused("flow/orders.asl.json");
    assert!(text.starts_with("flow/template.yaml has "), "{text}");
    assert!(failure.help.unwrap().contains("--template FILE"));
}

#[test]
fn a_definition_in_a_template_shows_its_problems_there() {
    let place = Place(tempfile::tempdir().unwrap());
    let template = "\
Transform: AWS::Serverless-2016-10-31
Description: Größe
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Next: B}
      Type: STANDARD
";
    place.put("flow/template.yaml", template);
    let (text, _) = place.refused("flow");
    assert!(text.contains("--> flow/template.yaml:10:33\n"), "{text}");
    place.put(
        "flow/template.yaml",
        &template.replace("Next: B", "End: true"),
    );
    let project = place.open("flow").unwrap();
    assert_eq!(project.machine_name, "Orders");
    assert_eq!(project.machine.states.len(), 1);
}

#[test]
fn a_definition_that_is_not_there_is_told_in_the_template() {
    let place = Place(tempfile::tempdir().unwrap());
    place.put("flow/template.yaml", MACHINE);
    let (text, failure) = place.refused("flow");
    assert_eq!(failure.exit, Exit::Usage);
    assert!(
        text.contains("The definition of `orders` cannot be read"),
        "{text}"
    );
    assert!(text.contains("--> flow/template.yaml:3:3\n"), "{text}");
}

#[test]
fn of_several_machines_one_has_to_be_named() {
    let place = Place(tempfile::tempdir().unwrap());
    let machine = |name: &str| {
        format!(
            "  {name}:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      \
             Definition: {{StartAt: P, States: {{P: {{Type: Pass, End: true}}}}}}\n"
        )
    };
    let resources = [machine("Orders"), machine("Refunds")].concat();
    let template = format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}");
    place.put("flow/template.yaml", &template);
    let named = |name: &str| Options {
        template: None,
        machine: Some(name.to_owned()),
    };
    let (_, failure) = place.refused("flow");
    assert_eq!(
        failure.help.as_deref(),
        Some("name one with --machine: Orders, Refunds")
    );
    let (text, failure) = place.refused_with("flow", &named("Refund"));
    assert_eq!(text, "flow/template.yaml has no state machine `Refund`");
    assert_eq!(failure.help.as_deref(), Some("did you mean `Refunds`?"));
    let project = place.open_with("flow", &named("Refunds")).unwrap();
    assert_eq!(project.machine_name, "Refunds");
}

#[test]
fn what_cannot_be_a_workflow_is_refused() {
    let place = Place(tempfile::tempdir().unwrap());
    assert_eq!(
        place.refused("nowhere").0,
        "there is no file or folder nowhere"
    );
    std::fs::create_dir(place.path("empty")).unwrap();
    assert_eq!(place.refused("empty").0, "empty has no definition");
    for name in ["a.asl.json", "b.asl.yaml"] {
        place.put(&format!("two/{name}"), &calling(&["one"]));
    }
    let (_, failure) = place.refused("two");
    assert_eq!(
        failure.help.as_deref(),
        Some("name one of the files: a.asl.json, b.asl.yaml")
    );
    let options = Options {
        template: None,
        machine: Some("orders".into()),
    };
    let (text, _) = place.refused_with("two/a.asl.json", &options);
    assert!(text.contains("--machine"), "{text}");
    place.put("flow/template.yaml", MACHINE);
    let options = Options {
        template: Some(place.path("flow/template.yaml")),
        machine: None,
    };
    let (text, _) = place.refused_with("flow/template.yaml", &options);
    assert!(text.starts_with("--template is for a definition"), "{text}");
}

#[test]
fn a_project_of_components_alone_is_read_without_cargo() {
    let place = Place::with_tasks();
    place.put("flow/template.yaml", &format!("{MACHINE}{FUNCTIONS}"));
    place.put("flow/two.wasm", "component");
    place.put("flow/definition.asl.json", &calling(&["two"]));
    let project = place.open("flow").unwrap();
    let specs = project
        .build(&mut |progress| panic!("{progress:?}"))
        .unwrap();
    assert_eq!(specs.len(), 1);
    assert_eq!(
        (specs[0].name.as_str(), specs[0].wasm.as_slice()),
        ("two", b"component".as_slice())
    );
    std::fs::remove_file(place.path("flow/two.wasm")).unwrap();
    assert_eq!(project.build(&mut |_| {}).unwrap_err().exit, Exit::Build);
}
