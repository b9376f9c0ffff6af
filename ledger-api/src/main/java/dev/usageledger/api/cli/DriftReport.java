package dev.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.usageledger.projections.rebuild.Difference;
import dev.usageledger.projections.rebuild.Difference.Column;
import dev.usageledger.projections.rebuild.Reconciliation.Reconciled;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a reconciliation has found, on its way to whoever asked: at most so many rows, and always the totals. */
abstract sealed class DriftReport {
    private final long most;
    private final Map<String, Long> rowsByTable = new TreeMap<>();
    private long told;

    final PrintStream out;

    private DriftReport(PrintStream out, long most) {
        this.out = out;
        this.most = most;
    }

    final void add(Difference difference) {
        rowsByTable.merge(difference.table(), 1L, Long::sum);
        if (told < most) {
            told++;
            tell(difference);
        }
    }

    final void finish(Reconciled reconciled, long events) {
        total(reconciled, events, rowsByTable, told);
    }

    abstract void tell(Difference difference);

    abstract void total(Reconciled reconciled, long events, Map<String, Long> rowsByTable, long told);

    /** For people. */
    static final class Text extends DriftReport {
        private static final int WIDEST = 200;

        Text(PrintStream out, long most) {
            super(out, most);
        }

        @Override
        void tell(Difference difference) {
            switch (difference.kind()) {
                case MISSING -> out.printf("%s is missing%n", difference.row());
                case EXTRA -> out.printf("%s should not be there%n", difference.row());
                case CHANGED -> {
                    out.printf("%s%n", difference.row());
                    difference.columns().forEach(this::tell);
                }
            }
        }

        private void tell(Column column) {
            out.printf("    %s: live %s, rebuilt %s%n", column.name(), shown(column.live()), shown(column.rebuilt()));
        }

        private static String shown(@Nullable String value) {
            String all = value == null ? "null" : value;
            return all.length() <= WIDEST ? all : all.substring(0, WIDEST) + "…";
        }

        @Override
        void total(Reconciled reconciled, long events, Map<String, Long> rowsByTable, long told) {
            if (told < reconciled.differences()) {
                out.printf("… and %,d more (--most tells more of them)%n", reconciled.differences() - told);
            }
            out.printf(
                    "%s as of position %,d, by %,d events.%n",
                    rowsByTable.isEmpty()
                            ? "No difference"
                            : "Rows that differ: %,d (%s),".formatted(reconciled.differences(), byTable(rowsByTable)),
                    reconciled.position(),
                    events);
            if (reconciled.repaired()) {
                out.println("Repaired: the rebuilt tables are the live ones now.");
            }
            if (reconciled.repaired() && rowsByTable.containsKey("ledger.snapshots")) {
                out.println("Wrong snapshots were removed. Restart services, which may remember what was in them, and"
                        + " reconcile again: they may have written it anew.");
            }
        }
    }

    private static String byTable(Map<String, Long> rowsByTable) {
        return rowsByTable.entrySet().stream()
                .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** For programs: an object per line. */
    static final class Json extends DriftReport {
        private static final ObjectMapper MAPPER = new ObjectMapper();

        Json(PrintStream out, long most) {
            super(out, most);
        }

        @Override
        void tell(Difference difference) {
            println(difference);
        }

        @Override
        void total(Reconciled reconciled, long events, Map<String, Long> rowsByTable, long told) {
            println(new Totals(
                    reconciled.position(), events, reconciled.differences(), told, rowsByTable, reconciled.repaired()));
        }

        private void println(Object object) {
            out.println(MAPPER.<JsonNode>valueToTree(object));
        }

        private record Totals(
                long position, long events, long differences, long told, Map<String, Long> byTable, boolean repaired) {}
    }
}
