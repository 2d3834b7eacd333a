package dev.holdfast.format.codec;

/// What a codec needs is not there: a library that the application has left out. Nothing is
/// damaged.
public final class CodecMissingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CodecMissingException(Codec codec, LinkageError missing) {
        super(
                "no library for the codec on the class path. codec=`%s`, library=`%s`"
                        .formatted(codec, codec.library()),
                missing);
    }
}
