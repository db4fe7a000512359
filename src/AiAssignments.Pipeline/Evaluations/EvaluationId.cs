using System.Security.Cryptography;
using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>The id of an evaluation: a hash of what decides its numbers, so that asking twice is one evaluation.</summary>
public static class EvaluationId
{
    /// <summary>First 32 hex digits of SHA-256 over the model's content hash, the card's labels and preprocessing through that hash, the dataset's content hash and the options as JSON.</summary>
    /// <param name="modelHash">Content hash of the model version.</param>
    /// <param name="datasetHash">Content hash of the dataset.</param>
    /// <param name="options">The options.</param>
    public static string Of(string modelHash, string datasetHash, EvaluationOptions options)
    {
        var facts = JsonSerializer.SerializeToUtf8Bytes(new { modelHash, datasetHash, options }, ReportJson.Options);
        return Convert.ToHexStringLower(SHA256.HashData(facts))[..32];
    }
}
