using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol.Requests;

/// <summary>An inference request, whichever way it came.</summary>
/// <param name="Id">The caller's name for it, given back; empty for none.</param>
/// <param name="Inputs">The tensors; <c>BYTES</c> ones have <see cref="BytesTensor"/>'s form. They may alias the message's memory.</param>
/// <param name="Outputs">Outputs wanted; empty for all.</param>
/// <param name="BinaryOutput">Whether outputs are wanted behind the JSON header unless one says otherwise.</param>
/// <param name="Timeout">Longest time until inference begins (Triton's <c>timeout</c>, microseconds on the wire).</param>
public sealed record InferRequest(string Id, IReadOnlyList<Tensor> Inputs, IReadOnlyList<RequestedOutput> Outputs, bool BinaryOutput, TimeSpan? Timeout)
{
    /// <summary>Checks what holds for every transport.</summary>
    /// <exception cref="ProblemException"><c>request-invalid</c>: there are no inputs, or a name is there twice.</exception>
    internal InferRequest Checked()
    {
        if (Inputs.Count == 0)
        {
            throw new ProblemException("request-invalid", "The request has no inputs.", "inputs");
        }

        RefuseTwice(Inputs.Select(input => input.Name), "input", "inputs");
        RefuseTwice(Outputs.Select(output => output.Name), "output", "outputs");
        return this;
    }

    private static void RefuseTwice(IEnumerable<string> names, string what, string where)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!seen.Add(name))
            {
                throw new ProblemException("request-invalid", $"The {what} '{name}' is there twice.", where);
            }
        }
    }
}
