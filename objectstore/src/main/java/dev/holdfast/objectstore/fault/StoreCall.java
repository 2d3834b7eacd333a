package dev.holdfast.objectstore.fault;

/// One call to a store: the how-manieth (from 0), what it does, and to which object or prefix.
public record StoreCall(long number, Operation operation, String name) {
    /// What a call does.
    public enum Operation {
        GET,
        PUT,
        PUT_IF_ABSENT,
        HEAD,
        LIST,
        DELETE;

        /// True if the call may change what is stored.
        public boolean isMutation() {
            return this == PUT || this == PUT_IF_ABSENT || this == DELETE;
        }
    }
}
