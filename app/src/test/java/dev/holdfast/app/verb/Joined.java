package dev.holdfast.app.verb;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.MergeOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An application's merge operator: texts, one behind the other.
public final class Joined implements MergeOperator {
    @Override
    public Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> operands) {
        var all = new StringBuilder(existing == null ? "" : existing.toUtf8());
        for (Bytes operand : operands) all.append(operand.toUtf8());
        return Bytes.utf8(all.toString());
    }
}
