using System.Xml;
using System.Xml.Linq;

namespace AiAssignments.Tests.Reports;

/// <summary>A report read back as XML, which it promises to be.</summary>
internal static class HtmlDocument
{
    public static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader);
    }
}
