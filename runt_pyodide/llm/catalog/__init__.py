"""What is known of models by their names and by what lists say of them, whoever serves them. It
knows no service and no provider."""
