"""Words to Call by click: blanks before values, short options, --help of a verb, --version. Rules are words.py's."""

from typing import Any

import click

from ovs_docker import __version__
from ovs_docker.cli.grammar import BY_NAME, GLOBALS, VERBS, Verb
from ovs_docker.cli.usage import text as usage
from ovs_docker.cli.words import Call, add, known_options, unknown_command, unknown_option
from ovs_docker.errors import UsageError
from ovs_docker.parse.options import Option

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def parse(program: str, args: list[str]) -> Call | None:
    """Read any words; None if click has answered already (a help page, the version)."""
    try:
        call = _group().main(args, program, standalone_mode=False)
    except click.NoSuchOption as error:
        raise unknown_command(_typed(args, error.option_name)) from None
    except click.BadOptionUsage as error:  # one before the verb: _Command has dealt with those behind it
        raise unknown_command(_typed(args, error.option_name)) from None
    except click.UsageError:
        raise UsageError("no command given (use --help for help)") from None
    return call if isinstance(call, Call) else None


def _typed(args: list[str], option: str) -> str:
    """Return the word that an option stands in, value and all."""
    found = [arg for arg in args if arg == option or arg.startswith(f"{option}=")]
    return found[-1] if found else args[-1]


class _Commands(click.Group):
    """The verbs; an unknown one is said in the old script's words."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in BY_NAME:
            raise unknown_command(args[0])
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        return usage(ctx.info_name or "ovs-docker").rstrip()


# Put before a word so that click does not cut it into short options; no argument can hold it.
_NO_OPTION = "\0"


def _is_word(arg: str) -> bool:
    """Tell whether a word behind the verb only looks like options: -foo."""
    return len(arg) > 2 and arg[0] == "-" and arg[1] != "-"


class _Command(click.Command):
    """A verb; an option in a form that it does not have is unknown, and ignored where the old script ignored it."""

    lenient = False

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        left = [f"{_NO_OPTION}{arg}" if _is_word(arg) else arg for arg in args]
        while True:
            try:
                return super().parse_args(ctx, list(left))
            except click.BadOptionUsage as error:
                word = _typed(left, error.option_name)
                if not self.lenient:
                    raise unknown_option(word, str(self.name)) from None
                left.remove(word)


def _group() -> click.Group:
    group = _Commands(
        params=[_option(option) for option in GLOBALS],
        context_settings={**_HELP, "ignore_unknown_options": False, "allow_interspersed_args": False},
        help="Attach Docker containers to Open vSwitch.",
        invoke_without_command=False,
    )
    version = f"ovs-docker {__version__}"
    group = click.version_option(__version__, message=version)(group)
    for verb in VERBS:
        group.add_command(_command(verb))
    return group


def _command(verb: Verb) -> click.Command:
    own = {option.name for option in verb.options}
    params: list[click.Parameter] = [
        _option(option, hidden=option.name not in own) for option in known_options(verb).values()
    ]
    argument = click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED, metavar=_usage_words(verb))
    epilog = f"Global options (ovs-docker --help) may stand here, too.\n\nExample: ovs-docker {verb.example}"

    @click.pass_context
    def callback(ctx: click.Context, /, **values: Any) -> Call:
        before = ctx.parent.params if ctx.parent else {}
        options = _given(GLOBALS, before)
        known = known_options(verb)
        for name, found in _given(tuple(known.values()), values).items():
            add(options, known[name], found)
        return Call(verb, [word.removeprefix(_NO_OPTION) for word in values["rest"]], options)

    command = _Command(
        verb.name,
        params=[*params, argument],
        callback=callback,
        help=verb.help,
        epilog=epilog,
        context_settings={**_HELP, "ignore_unknown_options": True},
    )
    command.lenient = verb.lenient
    return command


def _usage_words(verb: Verb) -> str:
    return " ".join(verb.words) if verb.least == len(verb.words) else " ".join(f"[{word}]" for word in verb.words)


def _option(option: Option, hidden: bool = False) -> click.Option:
    names = [f"--{option.name}", *([f"-{option.short}"] if option.short else [])]
    kind: dict[str, Any] = {"multiple": True, "type": click.UNPROCESSED, "metavar": option.metavar}
    return click.Option(
        names, help=option.help, hidden=hidden, **(kind if option.metavar else {"is_flag": True, "default": False})
    )


def _given(options: tuple[Option, ...], values: dict[str, Any]) -> dict[str, list[str]]:
    """Return what was given, as words.plain does: a list of values each, [""] for a flag."""
    found: dict[str, list[str]] = {}
    for option in options:
        value = values.get(option.name.replace("-", "_"))
        if value:
            found[option.name] = list(value) if option.metavar else [""]
    return found
