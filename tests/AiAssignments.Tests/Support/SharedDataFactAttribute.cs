namespace AiAssignments.Tests.Support;

/// <summary>A fact on a file or folder of <c>shared/data</c>; skipped, with the reason, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(params string[] paths)
    {
        var missing = paths.FirstOrDefault(path => !SharedData.Has(path));
        if (missing is not null)
        {
            Skip = $"needs shared/data/{missing}, which is not on this machine";
        }
    }
}
