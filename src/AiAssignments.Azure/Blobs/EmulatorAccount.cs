namespace AiAssignments.Azure.Blobs;

/// <summary>The one account that every emulator has (learn.microsoft.com, "Use the Azurite emulator for local Azure Storage development"). Its key is public, so it is no secret.</summary>
internal static class EmulatorAccount
{
    public const string Name = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
}
