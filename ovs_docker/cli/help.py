"""Help, from the grammar: the usage text in the old script's format, and click's page of a verb."""

from textwrap import fill

from ovs_docker.cli.grammar import GLOBALS, HELP, NO_VERB, VERBS, VERSION, Verb
from ovs_docker.parse.options import Option

_INDENT, _DEEPER = " " * 20, " " * 24


def page(program: str, verb: Verb) -> str:
    """Return the help page of `verb`, or for NO_VERB the usage; `program` is the name that was called."""
    return _usage(program) if verb is NO_VERB else _page(program, verb)


def _usage(program: str) -> str:
    commands = "\n".join(_verb(verb, program) for verb in VERBS)
    options = "\n".join(_global(option) for option in (*GLOBALS, VERSION, HELP))
    return (
        f"{program}: Performs integration of Open vSwitch with Docker.\n"
        f"usage: {program} [OPTIONS] COMMAND\n\n"
        f"Commands:\n{commands}\n"
        f"Options:\n{options}\n"
    )


def _verb(verb: Verb, program: str) -> str:
    head = " ".join([verb.form, *map(_form, verb.options)])
    return "\n".join([_fill(head, "  "), _fill(verb.help), _fill(f"e.g.: {program} {verb.example}")])


def _form(option: Option) -> str:
    return f"[--{_named(option)}]" + ("..." if option.many else "")


def _named(option: Option) -> str:
    return f"{option.name}={option.metavar}" if option.metavar else option.name


def _global(option: Option) -> str:
    head = f"  -{option.short}, --{_named(option)}" if option.short else f"  --{_named(option)}"
    body = _fill(option.help, _DEEPER, _DEEPER)
    return f"{head}\n{body}" if len(head) > 22 else head.ljust(24) + body.lstrip()


def _fill(words: str, first: str = _INDENT, others: str = _INDENT) -> str:
    """Break words into lines; options stay whole."""
    return fill(
        words, 79, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def _page(program: str, verb: Verb) -> str:
    import click

    words = verb.form.removeprefix(verb.name).strip()
    options = [
        click.Option([f"--{option.name}"], help=option.help, metavar=option.metavar, is_flag=not option.metavar)
        for option in verb.options
    ]
    command = click.Command(
        verb.name,
        params=[*options, click.Argument(["words"], metavar=words, nargs=-1)],
        help=verb.help,
        epilog=f"Global options (ovs-docker --help) may stand here, too.\n\nExample: ovs-docker {verb.example}",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    with command.make_context(f"{program} {verb.name}", [], resilient_parsing=True) as context:
        return f"{command.get_help(context)}\n"
