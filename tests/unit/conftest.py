"""The fixtures that tests of several modules share."""

from tests.support.fixtures import llm_server as llm_server
from tests.support.stages.asking import fresh as fresh
from tests.support.stages.asking import requests as requests
from tests.support.stages.loop import loop_clock as loop_clock
from tests.support.stages.python_notebook import notebook as notebook
from tests.support.stages.python_page import page as page
from tests.support.stages.shell_stage import stage as stage
from tests.support.stages.shell_stage import terminal as terminal
from tests.support.stages.signals import host as host
from tests.support.stages.sql_page import sql_page as sql_page
from tests.support.stages.typist import typist as typist
