using System.Globalization;
using AiAssignments.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Says where models will run and why.</summary>
internal static class DeviceReport
{
    /// <summary>Tries the device.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>Whether CUDA can be used, and a line for a person.</returns>
    public static (bool Cuda, string Line) Read(ServerOptions options)
    {
        var machine = MachineProbe.Read();
        var cpu = string.Create(
            CultureInfo.InvariantCulture,
            $"the CPU ({machine.Processor}, {machine.Cores} logical cores, {machine.InstructionSets}; ONNX Runtime {machine.OnnxRuntime})");
        if (options.Device != "cuda")
        {
            return (false, $"Running on {cpu}. CUDA was not asked for (--device cuda).");
        }

        if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
        {
            return (false, $"Running on {cpu}. CUDA was asked for, and this build has ONNX Runtime without it: publish with -p:Accelerator=cuda.");
        }

        try
        {
            using var probe = new Microsoft.ML.OnnxRuntime.SessionOptions();
            probe.AppendExecutionProvider_CUDA(options.DeviceId);
            return (true, string.Create(CultureInfo.InvariantCulture, $"Running on CUDA device {options.DeviceId} (ONNX Runtime {machine.OnnxRuntime})."));
        }
        catch (Exception unusable) when (unusable is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return (false, $"Running on {cpu}. CUDA was asked for, and cannot be used here: {unusable.Message.Split('\n')[0]}");
        }
    }
}
