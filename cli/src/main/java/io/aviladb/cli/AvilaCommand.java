package io.aviladb.cli;

import io.aviladb.cli.command.ClusterCommand;
import io.aviladb.cli.command.CollCommand;
import io.aviladb.cli.command.ConflictsCommand;
import io.aviladb.cli.command.DbCommand;
import io.aviladb.cli.command.DevCommand;
import io.aviladb.cli.command.DocCommand;
import io.aviladb.cli.command.DoctorCommand;
import io.aviladb.cli.command.ErrorsCommand;
import io.aviladb.cli.command.ExportCommand;
import io.aviladb.cli.command.FaultsCommand;
import io.aviladb.cli.command.ImportCommand;
import io.aviladb.cli.command.LagCommand;
import io.aviladb.cli.command.SampleCommand;
import io.aviladb.cli.command.NodeCommand;
import io.aviladb.cli.command.QueryCommand;
import io.aviladb.cli.command.RangesCommand;
import io.aviladb.cli.command.RouterCommand;
import io.aviladb.cli.command.RpoCommand;
import io.aviladb.cli.command.ShellCommand;
import io.aviladb.cli.command.StatusCommand;
import io.aviladb.cli.command.SurviveCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(name = "aviladb", description = "AvilaDB: a JSON document database that runs as one cluster over many regions.", synopsisSubcommandLabel = "COMMAND", versionProvider = AvilaCommand.Version.class, subcommands = {
        DevCommand.class, NodeCommand.class, RouterCommand.class, ClusterCommand.class, StatusCommand.class, LagCommand.class,
        RpoCommand.class, SurviveCommand.class,
        DbCommand.class, CollCommand.class, DocCommand.class, QueryCommand.class, ShellCommand.class, ImportCommand.class,
        ExportCommand.class,
        RangesCommand.class, ConflictsCommand.class, DoctorCommand.class,
        SampleCommand.class, FaultsCommand.class, ErrorsCommand.class}, exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:done",
                "1:failed", "2:usage", "3:unavailable", "4:not authorised",
                "5:conflict", "6:partly done"})
public final class AvilaCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Shows this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Shows the version and the format of the data on disk.")
    private boolean version;

    @Option(names = "--json-errors", scope = ScopeType.INHERIT, description = "Writes errors to standard error as one line of JSON.")
    private boolean jsonErrors;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{"AvilaDB " + Build.version(), "data format " + Build.DATA_FORMAT, "Java " + Runtime.version()};
        }
    }
}
