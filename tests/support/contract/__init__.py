"""A provider that keeps the contract, mutants that break it, and rigs for the project's own."""
