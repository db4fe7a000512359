using System.Reflection;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Runtime;

namespace AiAssignments.Bench.Running;

/// <summary>The machine that measures.</summary>
internal static class BenchMachine
{
    public static MachineFacts Read()
    {
        var machine = MachineProbe.Read();
        var product = typeof(BenchMachine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        return new MachineFacts(
            machine.Processor, machine.Cores, machine.InstructionSets, machine.MemoryBytes, machine.OperatingSystem, machine.Runtime, machine.OnnxRuntime, machine.ExecutionProvider, machine.HugePages, product);
    }
}
