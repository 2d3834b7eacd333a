package dev.holdfast.system.guide;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.Transaction;
import java.nio.file.Path;

/// Moves money between accounts, and meets another who does the same.
public final class Transfer {
    private static final Bytes ANN = Bytes.utf8("account/ann");
    private static final Bytes BOB = Bytes.utf8("account/bob");

    private Transfer() {}

    public static void main(String[] arguments) {
        try (Db db = Engine.open(Path.of("shop").toUri().toString(), Settings.defaults())) {
            db.put(ANN, amount(100));
            db.put(BOB, amount(0));

            long moved =
                    db.transact(
                            IsolationLevel.SERIALIZABLE,
                            Durability.REMOTE,
                            transaction -> move(transaction, 30));
            System.out.println("moved " + moved);

            try (Transaction slow = db.begin(IsolationLevel.SERIALIZABLE)) {
                move(slow, 50);
                db.put(ANN, amount(1));
                slow.commit();
            } catch (Conflict lost) {
                System.out.println("somebody else was faster");
            }
            System.out.println("ann " + balance(db, ANN) + ", bob " + balance(db, BOB));
        }
    }

    private static long move(Transaction transaction, long wanted) {
        long most = Math.min(wanted, balance(transaction, ANN));
        transaction.put(ANN, amount(balance(transaction, ANN) - most));
        transaction.put(BOB, amount(balance(transaction, BOB) + most));
        return most;
    }

    private static long balance(Reads reads, Bytes account) {
        Bytes amount = reads.get(account);
        return amount == null ? 0 : Long.parseLong(amount.toUtf8());
    }

    private static Bytes amount(long amount) {
        return Bytes.utf8(Long.toString(amount));
    }
}
