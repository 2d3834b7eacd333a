package dev.holdfast.app.config;

/// One setting of a configuration file, and the line (from 1) that it stands on.
public record ConfigEntry(String name, String value, int line) {}
