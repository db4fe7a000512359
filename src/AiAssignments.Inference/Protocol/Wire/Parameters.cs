using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>The parameters that mean something to this server; others are for other servers and are passed over, as the protocol asks.</summary>
internal static class Parameters
{
    public static readonly IReadOnlyDictionary<string, ParameterValue> None = new Dictionary<string, ParameterValue>();

    /// <summary>Bytes of a tensor that lie behind the JSON header (binary tensor data extension).</summary>
    public static long? BinaryDataSize(IReadOnlyDictionary<string, ParameterValue> parameters, string where) =>
        Number(parameters, "binary_data_size", 0, long.MaxValue, where);

    /// <summary>Whether an output is wanted behind the JSON header.</summary>
    public static bool? BinaryData(IReadOnlyDictionary<string, ParameterValue> parameters, string where) => Flag(parameters, "binary_data", where);

    /// <summary>Whether all outputs are wanted behind the JSON header unless one says otherwise.</summary>
    public static bool BinaryDataOutput(IReadOnlyDictionary<string, ParameterValue> parameters, string where) => Flag(parameters, "binary_data_output", where) ?? false;

    /// <summary>Labels wanted an output row (classification extension); <c>null</c> for the values themselves.</summary>
    public static int? Classification(IReadOnlyDictionary<string, ParameterValue> parameters, string where) =>
        Number(parameters, "classification", 0, int.MaxValue, where) is > 0 and var count ? (int)count : null;

    /// <summary>Triton's <c>timeout</c>: microseconds until inference begins; 0 is none.</summary>
    public static TimeSpan? Timeout(IReadOnlyDictionary<string, ParameterValue> parameters, string where) =>
        Number(parameters, "timeout", 0, 86_400_000_000, where) is > 0 and var microseconds ? TimeSpan.FromMicroseconds(microseconds) : null;

    /// <summary>Shared memory would let a caller read this machine: never taken.</summary>
    public static void RefuseSharedMemory(IReadOnlyDictionary<string, ParameterValue> parameters, string where)
    {
        if (parameters.ContainsKey("shared_memory_region"))
        {
            throw new ProblemException("extension-unsupported", "Shared memory is not offered; send the tensor's data in the message.", where);
        }
    }

    private static bool? Flag(IReadOnlyDictionary<string, ParameterValue> parameters, string name, string where)
    {
        if (!parameters.TryGetValue(name, out var value))
        {
            return null;
        }

        return value.Flag ?? throw new ProblemException("parameter-invalid", $"The parameter '{name}' must be true or false.", where);
    }

    private static long? Number(IReadOnlyDictionary<string, ParameterValue> parameters, string name, long least, long most, string where)
    {
        if (!parameters.TryGetValue(name, out var value))
        {
            return null;
        }

        return value.Number is { } number && number >= least && number <= most
            ? number
            : throw new ProblemException("parameter-invalid", $"The parameter '{name}' must be a whole number from {least} to {most}.", where);
    }
}
