namespace AiAssignments.Inference.Runtime;

/// <summary>Where inference runs, so that figures can be reproduced.</summary>
/// <param name="Processor">Model name of the CPU.</param>
/// <param name="Cores">Logical processors available to the process.</param>
/// <param name="InstructionSets">Those that matter to matrix kernels, for example <c>AVX2, FMA</c>.</param>
/// <param name="MemoryBytes">Memory available to the process: the machine's, or the container's limit when that is less.</param>
/// <param name="OperatingSystem">For example <c>Debian GNU/Linux 12 (bookworm)</c>.</param>
/// <param name="Runtime">For example <c>.NET 10.0.1</c>.</param>
/// <param name="OnnxRuntime">Version of ONNX Runtime.</param>
/// <param name="ExecutionProvider"><c>CPU</c> or <c>CUDA</c>.</param>
/// <param name="HugePages">What <see cref="ProcessTuning.Describe"/> says.</param>
public sealed record MachineDescription(
    string Processor,
    int Cores,
    string InstructionSets,
    long MemoryBytes,
    string OperatingSystem,
    string Runtime,
    string OnnxRuntime,
    string ExecutionProvider,
    string HugePages);
