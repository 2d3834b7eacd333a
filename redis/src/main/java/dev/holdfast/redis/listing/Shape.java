package dev.holdfast.redis.listing;

import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ReplyWriter;
import java.util.List;

/// How the elements of an answer stand together.
public enum Shape {
    /// In a row.
    ARRAY {
        @Override
        public Reply reply(List<Reply> elements) {
            return Reply.array(elements);
        }

        @Override
        void writeHead(ReplyWriter out, long count) {
            out.array(count);
        }
    },

    /// Without order.
    SET {
        @Override
        public Reply reply(List<Reply> elements) {
            return Reply.set(elements);
        }

        @Override
        void writeHead(ReplyWriter out, long count) {
            out.set(count);
        }
    },

    /// Keys and values in turn.
    MAP {
        @Override
        public Reply reply(List<Reply> elements) {
            return Reply.map(elements);
        }

        @Override
        void writeHead(ReplyWriter out, long count) {
            out.map(count / 2);
        }
    },

    /// Two by two.
    COUPLES {
        @Override
        public Reply reply(List<Reply> elements) {
            return Reply.couples(elements);
        }

        @Override
        void writeHead(ReplyWriter out, long count) {
            out.array(isNestedIn(out) ? count / 2 : count);
        }

        @Override
        void writeBefore(ReplyWriter out, long index) {
            if (isNestedIn(out) && index % 2 == 0) out.array(2);
        }

        private boolean isNestedIn(ReplyWriter out) {
            return out.protocol() == Protocol.RESP3;
        }
    };

    /// The whole answer.
    public abstract Reply reply(List<Reply> elements);

    /// Writes what stands before `count` elements.
    abstract void writeHead(ReplyWriter out, long count);

    /// Writes what stands right before the element at `index`.
    void writeBefore(ReplyWriter out, long index) {}
}
