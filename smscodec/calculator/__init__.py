"""A segment calculator for the browser, on this machine alone: a page, and the small JSON interface behind it.

The page draws and the core counts: whatever is shown was measured, cut and explained by smscodec itself.
"""

from smscodec.calculator.answer import answer
from smscodec.calculator.question import Question, QuestionError, read_question
from smscodec.calculator.server import Calculator, calculator_server

__all__ = ["Calculator", "Question", "QuestionError", "answer", "calculator_server", "read_question"]
