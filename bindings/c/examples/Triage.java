import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;

/**
 * Classifies an HL7 acknowledgement and decides what to do, through JNA, as a channel of an interface engine on the JVM
 * would. Its arguments are the acknowledgement, a segment a line, and the MSH-10 of the message that was sent.
 */
public final class Triage {
    /** The numbers of retriage.h that are used here. */
    private static final long BUILT_IN = 0;
    private static final int KIND_CATEGORY = 1, KIND_RETRY = 4, KIND_ACTION = 15, HAS_RANDOM = 0x100;

    /** The functions, by their names in C. Handles are 64 bits, statuses 32. */
    public interface Retriage extends Library {
        int retriage_abi();

        int retriage_catalog_find(long registry, String id, LongByReference catalog);

        int retriage_decide(
                long catalog, Evidence evidence, Attempt attempt, long profile, Classification meaning, Decision next);

        int retriage_explain(
                long catalog, Evidence evidence, Attempt attempt, long profile, String locales, String pointer,
                byte[] buffer, SizeT capacity, Pointer needed);

        String retriage_word(int kind, int number);

        int retriage_last_error(byte[] buffer, SizeT capacity, Pointer needed);
    }

    /** A size_t. */
    public static final class SizeT extends IntegerType {
        public SizeT() {
            this(0);
        }

        public SizeT(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    @FieldOrder({"size", "flags", "status", "codeNumber", "code", "codeLength", "failure", "failureLength", "headers",
        "headerCount", "body", "bodyLength", "controlId", "controlIdLength", "nowMs", "bodyLimit", "mode", "reserved"})
    public static final class Evidence extends Structure {
        public SizeT size;
        public int flags, status;
        public long codeNumber;
        public Pointer code;
        public SizeT codeLength = new SizeT();
        public Pointer failure;
        public SizeT failureLength = new SizeT();
        public Pointer headers;
        public SizeT headerCount = new SizeT();
        public Pointer body;
        public SizeT bodyLength = new SizeT();
        public Pointer controlId;
        public SizeT controlIdLength = new SizeT();
        public long nowMs, bodyLimit;
        public int mode, reserved;
    }

    @FieldOrder({"size", "flags", "number", "elapsedMs", "random", "method", "methodLength", "state", "budget",
        "idempotent", "verified", "environment", "reserved"})
    public static final class Attempt extends Structure {
        public SizeT size;
        public int flags, number;
        public long elapsedMs;
        public double random;
        public Pointer method;
        public SizeT methodLength = new SizeT();
        public Pointer state, budget;
        public int idempotent, verified, environment, reserved;
    }

    @FieldOrder({"size", "flags", "entry", "hintDelayMs", "category", "canonical", "fault", "retry", "processed",
        "finality", "severity", "scope", "matched", "hint", "hintFrom", "reserved"})
    public static final class Classification extends Structure {
        public SizeT size;
        public int flags, entry;
        public long hintDelayMs;
        public byte category, canonical, fault, retry, processed, finality, severity, scope, matched, hint, hintFrom;
        public byte[] reserved = new byte[5];
    }

    @FieldOrder({"size", "flags", "action", "scope", "cause", "reserved", "delayMs", "notBeforeMs"})
    public static final class Decision extends Structure {
        public SizeT size;
        public int flags;
        public byte action, scope, cause, reserved;
        public long delayMs, notBeforeMs;
    }

    /** A struct that knows its size. */
    private static <T extends Structure> T sized(T struct) {
        struct.writeField("size", new SizeT(struct.size()));
        return struct;
    }

    private static Memory bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length);
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    private static void check(Retriage retriage, int status) {
        if (status != 0) {
            byte[] text = new byte[1024];
            retriage.retriage_last_error(text, new SizeT(text.length), null);
            throw new IllegalStateException(status + ": " + Native.toString(text, "UTF-8"));
        }
    }

    public static void main(String[] arguments) {
        Retriage retriage = Native.load("retriage", Retriage.class);
        if (retriage.retriage_abi() != 1) {
            throw new IllegalStateException("another ABI than this program was written for");
        }
        LongByReference hl7v2 = new LongByReference();
        check(retriage, retriage.retriage_catalog_find(BUILT_IN, "hl7v2", hl7v2));

        Memory body = bytes(arguments[0].replace('\n', '\r'));
        Memory controlId = bytes(arguments[1]);
        Evidence evidence = sized(new Evidence());
        evidence.body = body;
        evidence.bodyLength = new SizeT(body.size());
        evidence.controlId = controlId;
        evidence.controlIdLength = new SizeT(controlId.size());
        Attempt attempt = sized(new Attempt());
        attempt.number = 1;
        attempt.flags = HAS_RANDOM;
        attempt.random = 0.5;
        Classification meaning = sized(new Classification());
        Decision next = sized(new Decision());
        check(retriage, retriage.retriage_decide(hl7v2.getValue(), evidence, attempt, 0, meaning, next));

        byte[] entry = new byte[256];
        check(retriage, retriage.retriage_explain(hl7v2.getValue(), evidence, null, 0, null, "/classification/entry",
                entry, new SizeT(entry.length), null));
        System.out.println(Native.toString(entry, "UTF-8")
                + " " + retriage.retriage_word(KIND_CATEGORY, meaning.category)
                + " " + retriage.retriage_word(KIND_RETRY, meaning.retry)
                + " " + retriage.retriage_word(KIND_ACTION, next.action)
                + " " + next.delayMs);
    }
}
