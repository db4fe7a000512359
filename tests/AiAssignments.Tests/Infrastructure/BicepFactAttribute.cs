namespace AiAssignments.Tests.Infrastructure;

/// <summary>A test that needs the Bicep CLI; skipped by name where it could not be restored.</summary>
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = BicepCli.Missing;
}
