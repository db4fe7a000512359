namespace AiAssignments.IntegrationTests.Page;

/// <summary>A fact seen through a browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Chromium.Path is null)
        {
            Skip = "needs Chromium (apt-get install chromium, or its path in AIA_CHROMIUM), which is not on this machine";
        }
    }
}
