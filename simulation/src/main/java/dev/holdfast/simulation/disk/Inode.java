package dev.holdfast.simulation.disk;

/// What a name can stand for.
sealed interface Inode permits Content, Folder {}
