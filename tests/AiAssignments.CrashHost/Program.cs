using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.CrashHost;
using AiAssignments.CrashHost.Scenarios;

// CrashHost SCENARIO FOLDER (before|after) ORDINAL [MORE...]: runs the scenario, killed at the journal's commit ORDINAL (0: not at all).
// Prints "commits N" and "result LINE" when it comes to its end.
IScenario[] scenarios = [new TextScenario(), new EvaluateScenario(), new OptimizeScenario()];
if (args.Length < 4 || Array.Find(scenarios, known => known.Name == args[0]) is not { } scenario)
{
    Console.Error.WriteLine($"usage: CrashHost ({string.Join('|', scenarios.Select(known => known.Name))}) FOLDER (before|after) ORDINAL [MORE...]");
    return 64;
}

try
{
    var killer = new KillAt(long.Parse(args[3], CultureInfo.InvariantCulture), args[2] == "before");
    var result = await scenario.RunAsync(new Stage(args[1], killer, args[4..], args[2] == "before"), CancellationToken.None);
    Console.WriteLine($"commits {killer.Commits}");
    Console.WriteLine($"result {result}");
    return 0;
}
catch (ProblemException exception)
{
    Console.Error.WriteLine(exception.Problem);
    return 2;
}
