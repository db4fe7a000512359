namespace AiAssignments.Tests.Reports;

/// <summary>Text as an attacker would write it.</summary>
internal static class HostileText
{
    /// <summary>Breaks out of elements, attributes, styles, comments and tables; reorders, hides and controls.</summary>
    public const string Everything = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\"'`|[a](javascript:alert(3))--><!--]]>&lt;&#60;=cmd|' /C calc'!A0\u202Egnp.exe\u2066\u0000\u0007\u001B[31m\uFEFF\u200B\uD800\uFFFE\u2028*_#~$\\\n# head\r\n\t| x |";

    /// <summary>A hundred thousand characters without a blank.</summary>
    public static readonly string Long = new('W', 100_000);
}
