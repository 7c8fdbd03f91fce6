"""A provider that keeps the contract, mutants that break it, and rigs for our own providers."""
