/// An emulator of Azure's blob storage in a process of its own, and a proxy before it that
/// misbehaves on demand.
@NullMarked
package dev.holdfast.azure.emulator;

import org.jspecify.annotations.NullMarked;
