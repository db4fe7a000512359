using System.CommandLine;
using System.Text.Json;
using AiAssignments.Cli.Commands;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Terminal;

namespace AiAssignments.Cli;

/// <summary>Runs a command line: problems become one line on the error stream (or one JSON object with <c>--json</c>) and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(this RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        var json = args.Contains("--json", StringComparer.Ordinal);
        if (parsed.Errors.Count > 0)
        {
            Tell(new Problem("usage", string.Join(" ", parsed.Errors.Select(error => error.Message)) + " See --help."), json);
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(Configuration(parsed)).ConfigureAwait(false);
        }
        catch (ProblemException refused)
        {
            Tell(refused.Problem, json);
            return ExitCodes.Of(refused.Problem.Code);
        }
        catch (ActivityFailedException failed)
        {
            Tell(failed.Problem, json);
            return ExitCodes.Of(failed.Problem.Code);
        }
        catch (OperationCanceledException)
        {
            Tell(new Problem("interrupted", Stopped(parsed)), json);
            return ExitCodes.Interrupted;
        }
        catch (Exception error)
        {
            Tell(new Problem("internal-error", $"{error.GetType().Name}: {error.Message} Set AIA_TRACE=1 to see where."), json);
            if (Environment.GetEnvironmentVariable("AIA_TRACE") == "1")
            {
                await Console.Error.WriteLineAsync(error.ToString()).ConfigureAwait(false);
            }

            return ExitCodes.Internal;
        }
    }

    private static InvocationConfiguration Configuration(ParseResult parsed)
    {
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        configuration.ProcessTerminationTimeout = parsed.CommandResult.Command.Name switch
        {
            BenchCommand.Name => BenchCommand.Tidying,
            LoadTestCommand.Name => LoadTestCommand.Finishing,
            _ => configuration.ProcessTerminationTimeout,
        };
        return configuration;
    }

    private static string Stopped(ParseResult parsed) => parsed.CommandResult.Command.Name switch
    {
        BenchCommand.Name => "Stopped. No table was written, and what the bench had made was taken away.",
        LoadTestCommand.Name => "Stopped before anything was measured.",
        _ => "Stopped. What was scored is kept: the same command goes on from there.",
    };

    public static void WriteJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, ReportJson.Options));

    private static void Tell(Problem problem, bool json)
    {
        if (json)
        {
            Console.Error.WriteLine(JsonSerializer.Serialize(new { problem.Code, problem.Message, problem.Where }, ReportJson.Options).ReplaceLineEndings(string.Empty));
            return;
        }

        Console.Error.WriteLine($"error: {SafeText.Of(problem.ToString(), 2000)}");
    }
}
