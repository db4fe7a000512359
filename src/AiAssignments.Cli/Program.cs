using System.CommandLine;
using AiAssignments.Cli;
using AiAssignments.Cli.Commands;
using AiAssignments.Inference.Runtime;

ProcessTuning.EnsureHugePages();

var root = new RootCommand("Know how good, how fast and how cheap a machine-learning model is.")
{
    EvaluateCommand.Create(),
    CompareCommand.Create(),
    OptimizeCommand.Create(),
    PredictCommand.Create(),
    ModelsCommand.Create(),
    DatasetsCommand.Create(),
    EvaluationsCommand.Create(),
    KeysCommand.Create(),
    LoadTestCommand.Create(),
    SamplesCommand.Create(),
};
return await root.RunAsync(args);
