using System.Reflection;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Runtime;

namespace AiAssignments.Pipeline.Workflows;

/// <summary>The machine that this process runs on, as reports show it.</summary>
internal static class RunningMachine
{
    public static MachineFacts Read()
    {
        var machine = MachineProbe.Read();
        var product = typeof(RunningMachine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        return new MachineFacts(
            machine.Processor,
            machine.Cores,
            machine.InstructionSets,
            machine.MemoryBytes,
            machine.OperatingSystem,
            machine.Runtime,
            machine.OnnxRuntime,
            machine.ExecutionProvider,
            machine.HugePages,
            product);
    }
}
