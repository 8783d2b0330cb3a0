using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentFlow.Generators.Agents;

/// <summary>Reads what a handler takes beside its message.</summary>
internal static class ParameterParser
{
    private const string DependencyInjection = "Microsoft.Extensions.DependencyInjection.";

    public static EquatableArray<ParameterModel> Parse(IMethodSymbol method, INamedTypeSymbol agent, Findings findings)
    {
        var models = new List<ParameterModel>();
        bool hasState = false;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.None)
                findings.Add(AgentDiagnostics.HandlerShape, parameter, agent, parameter.Name, "is passed by reference. Take it by value.");
            if (parameter.Ordinal == 0)
                continue;

            ITypeSymbol type = parameter.Type;
            if (type.Is("AgentFlow.MessageContext"))
            {
                models.Add(new ParameterModel(ParameterKind.Context, null));
            }
            else if (type.Is("System.Threading.CancellationToken"))
            {
                models.Add(new ParameterModel(ParameterKind.Cancellation, null));
            }
            else if (ContractFacts.IsState(type))
            {
                if (hasState)
                    findings.Add(AgentDiagnostics.HandlerShape, parameter, agent, parameter.Name,
                        "is a second thread state. A handler takes one: put what belongs together in one class.");
                hasState = true;
                models.Add(new ParameterModel(ParameterKind.State, null));
            }
            else if (Service(parameter, agent, findings) is { } service)
            {
                models.Add(new ParameterModel(ParameterKind.Service, service));
            }
        }

        return models.ToEquatableArray();
    }

    /// <summary>A parameter that the host's services fill, or null, with a finding, for one that they cannot.</summary>
    public static ServiceModel? Service(IParameterSymbol parameter, INamedTypeSymbol agent, Findings findings)
    {
        ITypeSymbol type = parameter.Type;
        if (type is IErrorTypeSymbol)
        {
            findings.Stop();
            return null;
        }

        string? wrong = type switch
        {
            _ when HandlerMethods.IsMessageLike(type) => "is a second message. A handler takes one; keep what it needs of others in the thread's state.",
            { TypeKind: not (TypeKind.Class or TypeKind.Interface or TypeKind.Delegate) }
                or { SpecialType: SpecialType.System_String or SpecialType.System_Object } =>
                $"is of type '{type.Short()}', which is no service. Take a MessageContext, the thread's state, a CancellationToken or a registered service.",
            _ when parameter.IsParams => "is a params parameter. Take a registered service.",
            _ => null,
        };
        if (wrong is not null)
        {
            findings.Add(AgentDiagnostics.HandlerShape, parameter, agent, parameter.Name, wrong);
            return null;
        }

        AttributeData? keyed = parameter.Attribute(DependencyInjection + "FromKeyedServicesAttribute");
        string? key = keyed is { ConstructorArguments.Length: 1 } ? keyed.ConstructorArguments[0].ToCSharpString() : null;
        bool isOptional = parameter.HasExplicitDefaultValue || type.NullableAnnotation == NullableAnnotation.Annotated;
        return new ServiceModel(Naming.FullName(type), isOptional, key);
    }
}
