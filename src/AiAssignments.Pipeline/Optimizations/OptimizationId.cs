using System.Security.Cryptography;
using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>The id of an optimization: a hash of what decides it, so that asking twice is one optimization.</summary>
internal static class OptimizationId
{
    public static string Of(string model, string modelHash, string gateHash, PassSpec pass, GateOptions gate, EvaluationOptions options)
    {
        var facts = JsonSerializer.SerializeToUtf8Bytes(new { model, modelHash, gateHash, pass, gate, options }, ReportJson.Options);
        return Convert.ToHexStringLower(SHA256.HashData(facts))[..32];
    }
}
