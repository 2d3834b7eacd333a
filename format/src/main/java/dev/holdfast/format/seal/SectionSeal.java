package dev.holdfast.format.seal;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;

/// Seals and opens the sections of one file: between compression and checksum.
///
/// Sections are sealed by one thread; they are opened by any.
public interface SectionSeal {
    /// Leaves sections as they are, and opens none that is sealed.
    SectionSeal NONE =
            new SectionSeal() {
                @Override
                public int headBytes() {
                    return 0;
                }

                @Override
                public int tailBytes() {
                    return 0;
                }

                @Override
                public int seal(byte[] array, int start, int end, long position) {
                    return end;
                }

                @Override
                public Bytes open(Bytes stored, long position) {
                    FormatException.require(!SealHead.isSealed(stored), "section is sealed");
                    return stored;
                }
            };

    /// How many bytes a sealed section has before its content.
    int headBytes();

    /// How many it has behind it.
    int tailBytes();

    /// Seals `[start + headBytes(), end)` of `array` in place, where [#tailBytes] are free behind
    /// `end`. The section begins at `start`, and at `position` in its file. Returns where it ends.
    int seal(byte[] array, int start, int end, long position);

    /// The content of a section that stands at `position` in its file. Throws [FormatException] for
    /// what nobody with the key has sealed there.
    Bytes open(Bytes stored, long position);
}
