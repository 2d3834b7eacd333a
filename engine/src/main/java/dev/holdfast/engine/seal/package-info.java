/// Encryption of what is stored: AES-GCM over the sections of tables, logs and local logs.
///
/// Knows no store and no file: what it seals is handed to it, and handed on by others.
@NullMarked
package dev.holdfast.engine.seal;

import org.jspecify.annotations.NullMarked;
