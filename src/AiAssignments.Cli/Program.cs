using System.CommandLine;
using AiAssignments.Cli;
using AiAssignments.Cli.Commands;
using AiAssignments.Inference.Runtime;

ProcessTuning.EnsureHugePages();

if (args is [ServeCommand.Name, .. var rest] && !rest.Any(argument => argument is "--help" or "-h" or "-?"))
{
    return await ServeCommand.RunAsync(rest);
}

var root = new RootCommand("Know how good, how fast and how cheap a machine-learning model is.")
{
    EvaluateCommand.Create(),
    CompareCommand.Create(),
    OptimizeCommand.Create(),
    PredictCommand.Create(),
    ServeCommand.Create(),
    ModelsCommand.Create(),
    DatasetsCommand.Create(),
    EvaluationsCommand.Create(),
    KeysCommand.Create(),
    LoadTestCommand.Create(),
    BenchCommand.Create(),
    SamplesCommand.Create(),
};
return await root.RunAsync(args);
