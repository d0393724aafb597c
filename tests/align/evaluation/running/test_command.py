import shlex

from align.evaluation.running.command import shown_command


def test_the_command_is_what_was_typed() -> None:
    typed = ["evaluate", "my covers", "--method", "tracker", "-o", "results/a b"]
    assert shlex.split(shown_command(typed)) == ["covers", *typed]


def test_folders_of_the_machine_are_left_out() -> None:
    typed = ["evaluate", "/home/ada/my covers", "--method", "dtw", "--output=/home/ada/results"]
    assert shown_command(typed) == "covers evaluate 'my covers' --method dtw --output=results"
    typed = ["evaluate", "/home/ada/a=b", "--maps", "mine=/home/ada/maps", "--maps=ours=/srv/maps"]
    assert shown_command(typed) == "covers evaluate a=b --maps mine=maps --maps=ours=maps"
