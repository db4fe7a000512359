using Spectre.Console;

namespace AiAssignments.Cli;

/// <summary>The two consoles: results on the output, progress on the error stream, so that a pipe carries results only.</summary>
internal static class Consoles
{
    public static IAnsiConsole Out { get; } = AnsiConsole.Console;

    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
}
