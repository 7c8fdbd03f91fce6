"""What a person types while a cell runs: answers to ``input()``, and commands for the debugger."""
