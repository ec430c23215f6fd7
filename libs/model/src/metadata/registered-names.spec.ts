import { ISSUED_MEMBERS } from '../responses/client-information.ts';
import { FIELDS } from './client-metadata.ts';

/**
 * The "OAuth Dynamic Client Registration Metadata" registry as of 2026-03-25, in its order.
 *
 * @see https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#client-metadata
 */
const REGISTERED = `
  redirect_uris token_endpoint_auth_method grant_types response_types client_name client_uri logo_uri scope contacts tos_uri
  policy_uri jwks_uri jwks software_id software_version client_id client_secret client_id_issued_at client_secret_expires_at
  registration_access_token registration_client_uri application_type sector_identifier_uri subject_type
  id_token_signed_response_alg id_token_encrypted_response_alg id_token_encrypted_response_enc userinfo_signed_response_alg
  userinfo_encrypted_response_alg userinfo_encrypted_response_enc request_object_signing_alg request_object_encryption_alg
  request_object_encryption_enc token_endpoint_auth_signing_alg default_max_age require_auth_time default_acr_values
  initiate_login_uri request_uris claims_redirect_uris nfv_token_signed_response_alg nfv_token_encrypted_response_alg
  nfv_token_encrypted_response_enc tls_client_certificate_bound_access_tokens tls_client_auth_subject_dn
  tls_client_auth_san_dns tls_client_auth_san_uri tls_client_auth_san_ip tls_client_auth_san_email
  require_signed_request_object require_pushed_authorization_requests introspection_signed_response_alg
  introspection_encrypted_response_alg introspection_encrypted_response_enc frontchannel_logout_uri
  frontchannel_logout_session_required backchannel_logout_uri backchannel_logout_session_required
  post_logout_redirect_uris authorization_details_types dpop_bound_access_tokens client_registration_types signed_jwks_uri
  organization_name description keywords information_uri organization_uri use_mtls_endpoint_aliases
  encrypted_response_enc_values_supported vp_formats_supported`;

/** Members that specifications define and that the registry does not have. */
const UNREGISTERED = `
  software_statement backchannel_token_delivery_mode backchannel_client_notification_endpoint
  backchannel_authentication_request_signing_alg backchannel_user_code_parameter authorization_signed_response_alg
  authorization_encrypted_response_alg authorization_encrypted_response_enc response_modes credential_offer_endpoint
  spiffe_id spiffe_bundle_endpoint digest_algorithm subject_types_supported id_token_signing_alg_values_supported
  id_token_encryption_alg_values_supported id_token_encryption_enc_values_supported userinfo_signing_alg_values_supported
  userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
  request_object_signing_alg_values_supported request_object_encryption_alg_values_supported
  request_object_encryption_enc_values_supported token_endpoint_auth_methods_supported
  token_endpoint_auth_signing_alg_values_supported
  backchannel_authentication_request_signing_alg_values_supported authorization_signing_alg_values_supported
  authorization_encryption_alg_values_supported authorization_encryption_enc_values_supported
  introspection_signing_alg_values_supported introspection_encryption_alg_values_supported
  introspection_encryption_enc_values_supported id_token_token_binding_cnf`;

/** The reasons why a member has no row. */
const REASONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(ISSUED_MEMBERS).map((name) => [name, 'only the server gives it a value'])),
  software_statement: 'its claims are read in the place of members; it is kept beside them',
  id_token_token_binding_cnf: 'its draft expired, and no user agent does token binding any more',
};

const UNDERSTOOD = new Set<string | undefined>(FIELDS.flatMap(([name, { alternatives }]) => [name, alternatives]));

function names(list: string): string[] {
  return list.trim().split(/\s+/);
}

describe('every name of client metadata', () => {
  it('is in the copy of the registry: seventy-one', () => {
    expect(new Set(names(REGISTERED)).size).toBe(71);
  });

  it.each([...names(REGISTERED), ...names(UNREGISTERED)])('%s has a row, or a reason why it has none', (name) => {
    expect(UNDERSTOOD.has(name)).toBe(!Object.hasOwn(REASONS, name));
  });
});
