# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/actions.md, from actions.yaml and the results in src/actions."""

import re

from . import cpp_text, markdown, options, sources
from .fault import Fault, require_same

INTRODUCTION = """\
`juju run hockeypuck-k8s/leader ACTION PARAMETER=VALUE` runs an action and waits for its end. If an action fails, its
message says why, and the unit continues as before. If `juju run` reaches the time in its option `--wait`, or you interrupt it,
the action continues.

`juju run` reads values as YAML. Use its option `--string-args` for values that start with 0x, consist of digits, or have
several lines."""
TEXTS = "docs/generator/actions.yaml"


def page(root):
    actions = sources.read_yaml(root / "actions.yaml")
    explained = sources.texts(root, "actions")
    require_same("action", actions, explained, TEXTS)
    for name in actions:
        require_results(root, name, explained[name])
    overview = markdown.table(
        ["action", "purpose"],
        [[f"[`{name}`](#{name})", first_sentence(action["description"])]
         for name, action in actions.items()])
    examples = examples_of(actions)
    sections = [section(name, action, explained[name], examples) for name, action in actions.items()]
    return markdown.page("Actions", f"actions.yaml, src/actions and {TEXTS}", INTRODUCTION, overview,
                         *sections)


def first_sentence(text):
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def require_results(root, name, results):
    """Names with < > are placeholders that only the running action can fill."""
    in_texts = [key for key in results if "<" not in key]
    require_same(f"result of {name}", results_in_code(root, name), in_texts, TEXTS)


def results_in_code(root, name):
    """The results of the function run_NAME and of the functions in its file that it calls."""
    function = f"run_{name.replace('-', '_')}"
    for path in sources.cpp_files(root / "src/actions"):
        bodies = results_functions(cpp_text.without_comments(path.read_text()))
        if function in bodies:
            return sorted(results_of(function, bodies))
    raise Fault([f"src/actions: has no function {function}; actions.yaml has {name}"])


def results_functions(code):
    """The bodies of all functions that return results, by name; those of one name together."""
    bodies = {}
    for name, body in re.findall(r"^Results (\w+)\((.*?)^}", code, re.DOTALL | re.MULTILINE):
        bodies[name] = bodies.get(name, "") + body
    return bodies


def results_of(function, bodies):
    body = bodies.pop(function)
    keys = set(re.findall(r'[{]\s*"([a-z][a-z0-9-]*)",', body) + re.findall(r'results\["([a-z0-9-]+)"\]', body))
    for called in re.findall(r"\b(\w+)\(", body):
        if called in bodies:
            keys |= results_of(called, bodies)
    return keys


def examples_of(actions):
    """The example of each parameter, which only one of several actions with it needs to have."""
    examples = {}
    for action in actions.values():
        for key, schema in action.get("params", {}).items():
            _, example = options.split_example(schema["description"])
            examples[key] = example or examples.get(key, "")
    required = {key for action in actions.values() for key in action.get("required", [])}
    missing = [f"actions.yaml: {key}: has no \"Example:\"" for key in sorted(required) if not examples[key]]
    if missing:
        raise Fault(missing)
    return examples


def section(name, action, results, examples):
    properties = action.get("params", {})
    required = action.get("required", [])
    return "\n\n".join(part for part in [
        f"## {name}",
        action["description"].strip(),
        markdown.fenced("console", command(name, required or with_example(properties), examples)),
        markdown.table(["parameter", "type", "default", "meaning"],
                       [parameter(key, value, key in required) for key, value in properties.items()]),
        markdown.table(["result", "meaning"], [[markdown.code(key), text] for key, text in results.items()]),
    ] if part)


def with_example(parameters):
    return [key for key, schema in parameters.items() if options.split_example(schema["description"])[1]]


def command(name, parameters, examples):
    words = [f"{key}={examples[key]}" for key in parameters]
    options_of_run = ["--string-args"] if words else []
    return " ".join(["$ juju run", *options_of_run, "hockeypuck-k8s/leader", name, *words])


def parameter(name, schema, required):
    text, _ = options.split_example(schema["description"])
    default = "required" if required else shown_default(schema)
    return [markdown.code(name), kind(schema), default, text]


def shown_default(schema):
    default = schema.get("default", "")
    return markdown.code(str(default).lower() if isinstance(default, bool) else default) or "empty"


def kind(schema):
    bounds = []
    if "minimum" in schema or "maximum" in schema:
        bounds.append(span(schema.get("minimum"), schema.get("maximum"), ""))
    if schema.get("minLength", 0) > 0 or "maxLength" in schema:
        bounds.append(span(schema.get("minLength"), schema.get("maxLength"), " characters"))
    if "enum" in schema:
        bounds.append("one of " + ", ".join(markdown.code(value) for value in schema["enum"]))
    return ", ".join([schema["type"], *bounds])


def span(least, most, unit):
    if least is None:
        return f"up to {most}{unit}"
    return f"from {least}{unit}" if most is None else f"{least} to {most}{unit}"
