namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>A theory that needs Hugging Face's own tokenizers; skipped, with the reason, without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceTheoryAttribute : TheoryAttribute
{
    public ReferenceTheoryAttribute(params string[] sharedPaths) => Skip = ReferenceTokenizer.Missing(sharedPaths);
}
