import subprocess
import sys

import pytest

STARTS = [
    "subprocess.run(['rtmpdump'])",
    "subprocess.run('deno; rtmpdump', shell=True)",
    "subprocess.run(['deno'], executable='rtmpdump')",
    "os.system('rtmpdump')",
    "os.popen('rtmpdump')",
    "os.execv('/bin/true', ['deno'])",
    "os.posix_spawn('/bin/true', ['deno'], {})",
    "os.fork()",
]


def run_guarded(statement: str) -> str:
    program = (
        f"import os, subprocess\nfrom ingest.program_guard import install\ninstall()\n{statement}\n"
    )
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("statement", STARTS)
def test_no_program_is_started(statement: str):
    assert "RefusedProgramError" in run_guarded(statement)


def test_the_runtime_for_scripts_is_let_through():
    said = run_guarded("subprocess.run(['/nonexistent/deno', '--version'])")
    assert "FileNotFoundError: " in said
    assert "Refused" not in said
