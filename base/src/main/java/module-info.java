/// Words that could have been in java.base.
module dev.holdfast.base {
    requires static transitive org.jspecify;

    exports dev.holdfast.base;
    exports dev.holdfast.base.file;
}
