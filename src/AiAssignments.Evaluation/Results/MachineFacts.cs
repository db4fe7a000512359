namespace AiAssignments.Evaluation.Results;

/// <summary>Where the evaluation ran, so that it can be reproduced.</summary>
/// <param name="Processor">Model name of the CPU.</param>
/// <param name="Cores">Logical processors available to the process.</param>
/// <param name="InstructionSets">For example <c>AVX2, FMA</c>.</param>
/// <param name="MemoryBytes">Memory available to the process.</param>
/// <param name="OperatingSystem">For example <c>Debian GNU/Linux 12</c>.</param>
/// <param name="Runtime">.NET version.</param>
/// <param name="OnnxRuntime">ONNX Runtime version.</param>
/// <param name="ExecutionProvider"><c>CPU</c> or <c>CUDA</c>.</param>
/// <param name="HugePages">Whether malloc is backed by huge pages.</param>
/// <param name="Product">This product's version.</param>
public sealed record MachineFacts(
    string Processor,
    int Cores,
    string InstructionSets,
    long MemoryBytes,
    string OperatingSystem,
    string Runtime,
    string OnnxRuntime,
    string ExecutionProvider,
    string HugePages,
    string Product);
