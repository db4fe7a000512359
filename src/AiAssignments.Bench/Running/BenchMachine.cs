using System.Reflection;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Runtime;

namespace AiAssignments.Bench.Running;

/// <summary>The machine that measures.</summary>
internal static class BenchMachine
{
    /// <summary>How this program was built: <c>Release</c>, <c>Debug</c>.</summary>
    public static string? Build => typeof(BenchMachine).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;

    public static MachineFacts Read()
    {
        var machine = MachineProbe.Read();
        var product = typeof(BenchMachine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        return new MachineFacts(
            machine.Processor, machine.Cores, machine.InstructionSets, machine.MemoryBytes, machine.OperatingSystem, machine.Runtime, machine.OnnxRuntime, machine.ExecutionProvider, machine.HugePages, product);
    }
}
