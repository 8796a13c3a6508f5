using System.Globalization;
using System.Text;
using System.Xml;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Formats;

/// <summary>A test case for each rule that ran, for CI systems that show test results.</summary>
internal static class JUnitFormat
{
    public static byte[] Of(AuditReport report, Severity failOn)
    {
        var failing = report.NewFrom(failOn).ToLookup(finding => finding.Rule);
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(
            stream,
            new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n", CheckCharacters = false }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "SourceNet");
            xml.WriteAttributeString("tests", Rules.Descriptors.Count.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("failures", failing.Count.ToString(CultureInfo.InvariantCulture));
            foreach (var rule in Rules.Descriptors)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", rule.Category);
                xml.WriteAttributeString("name", $"{rule.Id}: {rule.Title.ToString(CultureInfo.InvariantCulture)}");
                if (failing[rule.Id].Any())
                {
                    xml.WriteStartElement("failure");
                    xml.WriteAttributeString("message", string.Create(CultureInfo.InvariantCulture, $"{failing[rule.Id].Count()} new"));
                    xml.WriteString(string.Concat(failing[rule.Id].Select(finding => string.Create(
                        CultureInfo.InvariantCulture,
                        $"{finding.Path}({finding.Line},{finding.Column}): {Printable(finding.Message)}\n"))));
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    /// <summary>Without what XML cannot hold.</summary>
    private static string Printable(string text) => string.Concat(text.Select(symbol => XmlConvert.IsXmlChar(symbol) ? symbol : '?'));
}
